"""Subclasses of httpx's classes, imported late together with httpx."""
