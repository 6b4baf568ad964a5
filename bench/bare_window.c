// The floor of the `window` measure: a window with a web view and a page of a few lines. No scripts, no styles.
#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

static const char PAGE[] =
    "<!doctype html><title>bare</title><h1>Today</h1><p>report.pdf moved from Downloads to Documents</p>"
    "<p>photo.jpg renamed to 2024-05-01.jpg</p>";

int main(int count, char **words) {
    gtk_init(&count, &words);
    GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    GtkWidget *view = webkit_web_view_new();
    gtk_window_set_default_size(GTK_WINDOW(window), 760, 560);
    gtk_container_add(GTK_CONTAINER(window), view);
    webkit_web_view_load_html(WEBKIT_WEB_VIEW(view), PAGE, NULL);
    g_signal_connect(window, "destroy", G_CALLBACK(gtk_main_quit), NULL);
    gtk_widget_show_all(window);
    gtk_main();
    return 0;
}
