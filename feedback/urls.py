"""Addresses of feedback; the tracking code never stands in one."""

from django.urls import path

from feedback import answers_views, following, views

app_name = "feedback"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("track/", views.track, name="track"),
    path("answers/", answers_views.listed, name="answers"),
    path("answers/feed/", answers_views.feed, name="answers_feed"),
    path("track/message/", views.message, name="message"),
    path("track/file/", following.file, name="file"),
    path("track/verdict/", following.verdict, name="verdict"),
]
