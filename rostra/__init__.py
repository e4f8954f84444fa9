"""Rostra: seminars, a knowledge site and live attacks for AI-security groups."""
