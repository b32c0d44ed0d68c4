"""Transcription and speech."""
