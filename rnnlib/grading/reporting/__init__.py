"""What the student is told, as data, as text and as HTML."""
