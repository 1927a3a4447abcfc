"""Pages of figures."""

from respite.reports.views import pages, telling
from respite.reports.views.routes import blueprint

__all__ = ["blueprint", "pages", "telling"]
