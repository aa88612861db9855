from django.urls import URLPattern, URLResolver, path

from journeys.views import designer, pages, people, results

app_name = "journeys"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.list_, name="list"),
    path("new/", pages.create, name="create"),
    path("<str:slug>/", designer.detail, name="detail"),
    path("<str:slug>/draft/", designer.draft, name="draft"),
    path("<str:slug>/panel/", designer.panel, name="panel"),
    path("<str:slug>/goal/", designer.goal, name="goal"),
    path("<str:slug>/counts/", designer.counts, name="counts"),
    path("<str:slug>/dry-run/", designer.dry_run, name="dry_run"),
    path("<str:slug>/walk/", designer.walk_person, name="walk"),
    path("<str:slug>/name/", pages.rename, name="rename"),
    path("<str:slug>/publish/", pages.publish, name="publish"),
    path("<str:slug>/pause/", pages.pause, name="pause"),
    path("<str:slug>/resume/", pages.resume, name="resume"),
    path("<str:slug>/stop/", pages.stop, name="stop"),
    path("<str:slug>/duplicate/", pages.duplicate, name="duplicate"),
    path("<str:slug>/discard/", pages.discard, name="discard"),
    path("<str:slug>/delete/", pages.delete, name="delete"),
    path("<str:slug>/results/", results.results, name="results"),
    path("<str:slug>/results/people/", results.people_behind, name="people_behind"),
    path("<str:slug>/people/", people.people, name="people"),
    path("<str:slug>/people/<int:pk>/", people.person, name="person"),
    path("<str:slug>/history/", pages.history, name="history"),
]
