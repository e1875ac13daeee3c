"""Helpers that have nothing to do with tensors."""


def merge(settings, mode='update'):
    """One dict of many; later ones win, or with mode='keep' the earlier ones."""
    merged = {}
    for chosen in settings:
        for key, value in chosen.items():
            if mode == 'keep' and key in merged:
                continue
            merged[key] = value
    return merged
