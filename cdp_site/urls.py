"""Root addresses. Every room includes its own under its name; the API of all rooms shares one router."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

import core.api
import demo.api
import jobs.api
import journeys.api
import lake.api
import measures.api
import messaging.api
import profiles.api
import rules.api
import segments.api
import sources.api
import workspace.api
from cdp_site import views
from cdp_site.signin import SignIn, administration
from messaging.provider import configured_door

router = DefaultRouter()
for room in (core, lake, jobs, sources, profiles, rules, measures, segments, messaging, journeys, workspace, demo):
    room.api.register(router)

handler400 = "cdp_site.error_pages.misread"
handler404 = "cdp_site.error_pages.not_found"
handler500 = "cdp_site.error_pages.failed"
urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}favicon.svg")),
    path("work/", views.home_work, name="home_work"),
    path("signin/", SignIn.as_view(), name="login"),
    path("signout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "password/<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(success_url=reverse_lazy("login")),
        name="password_reset_confirm",
    ),
    path("search/", views.search, name="palette"),
    path("theme/", views.theme, name="theme"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="jsi18n"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/login/", administration),
    path("admin/", admin.site.urls),
    path("core/", include("core.urls")),
    path("lake/", include("lake.urls")),
    path("jobs/", include("jobs.urls")),
    path("sources/", include("sources.urls")),
    path("customers/", include("profiles.urls")),
    path("rules/", include("rules.urls")),
    path("measures/", include("measures.urls")),
    path("segments/", include("segments.urls")),
    path("messages/", include("messaging.urls")),
    path("t/", include("messaging.public_urls")),
    *configured_door(),
    path("journeys/", include("journeys.urls")),
    path("workspace/", include("workspace.urls")),
    path("demo/", include("demo.urls")),
    path("api/v1/", include((router.urls, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/", login_required(SpectacularSwaggerSplitView.as_view(url_name="api-schema")), name="api-docs"),
]
