"""Settings › Workspace file: write the workspace to a file, compare, apply."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import KindredError
from core.roles import actor
from core.sections import ApplyContext
from workspace import services
from workspace.document import parse
from workspace.forms import WorkspaceFileForm
from workspace.words import place, said


@permission_required("core.view_workspace", raise_exception=True)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    form = WorkspaceFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "may_apply": request.user.has_perm(services.PERMISSION)}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        apply_context = ApplyContext(folder=Path(settings.DATA_DIR), by=actor(request))
        try:
            if "apply" in request.POST:
                changes = services.apply(parse(text), apply_context)
                messages.success(
                    request,
                    ngettext("%(n)s change applied.", "%(n)s changes applied.", len(changes)) % {"n": len(changes)},
                )
                return redirect("workspace:index")
            changes = services.diff(parse(text), apply_context)
            rows = [(c.action, place(c.path), c.path, said(c, c.before), said(c, c.after)) for c in changes]
            context |= {"compared": True, "rows": rows, "text": text}
        except KindredError as error:
            form.add_error(None, str(error))
    return render(request, "workspace/index.html", context)


@permission_required("core.view_workspace", raise_exception=True)
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(services.export(actor(request)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="workspace.yaml"'
    return response
