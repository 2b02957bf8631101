"""Static files under names that carry their content, each address worked out once in a process."""

from functools import lru_cache

from django.urls import get_script_prefix
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The manifest is read at the start and does not change under a running process, so neither do addresses."""

    def url(self, name: str, force: bool = False) -> str:
        """The address of `name`; every page asks for the same dozen."""
        return self._kept(name, force, get_script_prefix())

    @lru_cache(maxsize=512)  # noqa: B019  (the storage lives as long as the process)
    def _kept(self, name: str, force: bool, prefix: str) -> str:
        return str(super().url(name, force))
