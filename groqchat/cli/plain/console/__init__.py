"""What the plain chat shares with whoever types: lines, the reader, choices, the editor."""
