"""The settings file, and the folders of this machine."""
