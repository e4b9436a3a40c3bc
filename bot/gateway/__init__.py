"""Coming in: updates are fetched or received, stored in the inbox, and worked off lane by lane.

Nothing here knows what an update means: the application's handlers and the callables in `Hooks` do.
"""
