"""Addresses of feedback; the tracking code never stands in one."""

from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("track/", views.track, name="track"),
    path("track/message/", views.message, name="message"),
]
