"""Reports for people and other programs: pages, charts and tables."""
