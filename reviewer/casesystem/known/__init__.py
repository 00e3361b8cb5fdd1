"""Known-hash lists: reading them in, looking items up, and which items are copies of each other.

Start-up stays light: NumPy and faiss are loaded by the first import of a list or the first look-up that needs them.
"""
