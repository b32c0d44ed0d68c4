"""Audio: transcripts, subtitles, and how long files are split and joined."""
