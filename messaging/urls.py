from django.urls import path

from messaging.views import consent, conversions, delivery, editor, templates

app_name = "messaging"

urlpatterns = [
    path("", templates.list_, name="list"),
    path("new/", templates.create, name="template_create"),
    path("<int:pk>/", editor.edit, name="template_edit"),
    path("<int:pk>/save/", editor.save, name="template_save"),
    path("<int:pk>/frame/", editor.frame, name="template_frame"),
    path("<int:pk>/people/", editor.people, name="template_people"),
    path("<int:pk>/test/", editor.test, name="template_test"),
    path("<int:pk>/restore/<int:number>/", editor.restore, name="template_restore"),
    path("<int:pk>/duplicate/", templates.duplicate, name="template_duplicate"),
    path("<int:pk>/delete/", templates.delete, name="template_delete"),
    path("<int:pk>/results/", templates.results, name="results"),
    path("<int:pk>/results/conversions/", conversions.behind, name="conversions"),
    path("delivery/", delivery.list_, name="delivery"),
    path("consent/", consent.list_, name="consent"),
    path("consent/add/", consent.add, name="consent_add"),
    path("consent/import/", consent.import_, name="consent_import"),
    path("consent/export/", consent.export, name="consent_export"),
]
