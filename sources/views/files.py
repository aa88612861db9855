"""A newer file for a table that was uploaded."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import htmx
from core.errors import KindredError
from core.roles import actor
from sources import queries, uploads
from sources.forms import NewerFileForm
from sources.views.sources import panel


@require_http_methods(["GET", "POST"])
@permission_required("sources.change_sourcetable", raise_exception=True)
def renew(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found = get_object_or_404(queries.visible_tables(actor(request)), source__slug=slug, name=name)
    form = NewerFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            uploads.renew_upload(found, data["upload"], add=data["how"] == "add", by=actor(request))
        except KindredError as error:
            form.add_error("upload", error.message)
        else:
            messages.success(request, _("%s is being loaded from the new file.") % found)
            return htmx.go_to(request, found.get_absolute_url())
    context = {
        "title": _("A newer file for %s") % found,
        "intro": _("Types, meanings and the key stay as they are."),
        "form": form,
        "submit": _("Upload and load"),
        "multipart": True,
        "back_url": found.get_absolute_url(),
    }
    return panel(request, context)
