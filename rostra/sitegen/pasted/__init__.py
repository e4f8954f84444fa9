"""What was pasted or filled in, as entries: announcements in English and Chinese, and forms."""
