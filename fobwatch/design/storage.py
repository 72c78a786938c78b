"""Static files under names that hold their hash, our own modules' imports included."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = (r"""(?P<matched>\b(?P<word>from|import)\s+["'](?P<url>\.{1,2}/[^"']+)["'])""", '%(word)s "%(url)s"')


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """As WhiteNoise's, and imports in our `.mjs` modules follow the hash; the vendors' `.js` files stay as they are.

    Without it a browser could run a new module beside an old one after an update. A missing reference fails the
    collection.
    """

    patterns: Any = (*ManifestStaticFilesStorage.patterns, ("*.mjs", (IMPORT,)))
