from django.urls import path

from demo import views

app_name = "demo"

urlpatterns = [
    path("mail/", views.mails, name="mails"),
    path("mail/<int:number>/", views.mail, name="mail"),
    path("mail/<int:number>/html/", views.mail_html, name="mail_html"),
    path("mail/<int:number>/html/images/", views.mail_html_images, name="mail_html_images"),
    path("mail/<int:number>/source/", views.mail_source, name="mail_source"),
]
