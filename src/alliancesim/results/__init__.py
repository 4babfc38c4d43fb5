"""Results on disk: a folder that tells the whole story of a run and can be checked bit for bit.

Tables, manifest, digests; no science and no sentences.
"""
