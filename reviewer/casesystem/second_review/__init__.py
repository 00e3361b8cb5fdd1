"""Two pairs of eyes: who reads an item again, without sight of the first reading, and what follows from both."""
