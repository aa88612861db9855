from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("people/", views.people_list, name="people"),
    path("people/add/", views.person_add, name="person_add"),
    path("people/<int:pk>/", views.person_edit, name="person"),
    path("people/<int:pk>/link/", views.person_link, name="person_link"),
    path("people/<int:pk>/access/", views.person_active, name="person_active"),
    path("workspace/", views.workspace, name="workspace"),
    path("audit/", views.audit_list, name="audit"),
    path("api-token/", views.tokens, name="tokens"),
    path("api-token/create/", views.token_create, name="token_create"),
    path("api-token/revoke/", views.token_revoke, name="token_revoke"),
]
