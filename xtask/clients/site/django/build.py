"""Django's static files with a manifest, and a page as a view would answer it."""

import pathlib
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.template import engines

# The class stands in this file, which Django imports by its name.
sys.modules["build"] = sys.modules["__main__"]
HERE = pathlib.Path.cwd()
settings.configure(
    STATIC_URL="/django/",
    STATIC_ROOT=HERE / "dist",
    STATICFILES_DIRS=[HERE / "static"],
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STORAGES={"staticfiles": {"BACKEND": "build.Storage"}},
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE],
        "OPTIONS": {"builtins": ["django.templatetags.static"]},
    }],
)
django.setup()

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage  # noqa: E402 (it reads the settings)


class Storage(ManifestStaticFilesStorage):
    """Imports of scripts are rewritten too."""

    support_js_module_import_aggregation = True


call_command("collectstatic", interactive=False, verbosity=0)
page = engines["django"].get_template("index.html").render({})
(HERE / "page.html").write_text(page)
