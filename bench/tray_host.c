// A StatusNotifierWatcher that takes every tray item and shows none: enough of a panel for a tray program to come up on
// the benchmark's private session bus, and nothing that would wake it afterwards. Prints "ready" once it has the name.
#include <dbus/dbus.h>
#include <stdio.h>
#include <string.h>

static const char *const NAME = "org.kde.StatusNotifierWatcher";

// The one property that is asked for before an item registers itself: whether somebody shows items.
static void answer_property(DBusMessage *reply) {
    DBusMessageIter place, value;
    dbus_bool_t shown = TRUE;
    dbus_message_iter_init_append(reply, &place);
    dbus_message_iter_open_container(&place, DBUS_TYPE_VARIANT, "b", &value);
    dbus_message_iter_append_basic(&value, DBUS_TYPE_BOOLEAN, &shown);
    dbus_message_iter_close_container(&place, &value);
}

static void answer_all_properties(DBusMessage *reply) {
    DBusMessageIter place, entries, entry, value;
    const char *property = "IsStatusNotifierHostRegistered";
    dbus_bool_t shown = TRUE;
    dbus_message_iter_init_append(reply, &place);
    dbus_message_iter_open_container(&place, DBUS_TYPE_ARRAY, "{sv}", &entries);
    dbus_message_iter_open_container(&entries, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
    dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &property);
    dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "b", &value);
    dbus_message_iter_append_basic(&value, DBUS_TYPE_BOOLEAN, &shown);
    dbus_message_iter_close_container(&entry, &value);
    dbus_message_iter_close_container(&entries, &entry);
    dbus_message_iter_close_container(&place, &entries);
}

static DBusHandlerResult answer(DBusConnection *bus, DBusMessage *message, void *unused) {
    (void)unused;
    if (dbus_message_get_type(message) != DBUS_MESSAGE_TYPE_METHOD_CALL) return DBUS_HANDLER_RESULT_NOT_YET_HANDLED;
    DBusMessage *reply = dbus_message_new_method_return(message);
    if (strcmp(dbus_message_get_member(message), "Get") == 0) answer_property(reply);
    if (strcmp(dbus_message_get_member(message), "GetAll") == 0) answer_all_properties(reply);
    dbus_connection_send(bus, reply, NULL);
    dbus_message_unref(reply);
    return DBUS_HANDLER_RESULT_HANDLED;
}

int main(void) {
    DBusConnection *bus = dbus_bus_get(DBUS_BUS_SESSION, NULL);
    if (!bus || dbus_bus_request_name(bus, NAME, 0, NULL) != DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER) {
        fputs("tray_host: no session bus, or somebody else shows tray items\n", stderr);
        return 1;
    }
    dbus_connection_add_filter(bus, answer, NULL, NULL);
    puts("ready");
    fflush(stdout);
    while (dbus_connection_read_write_dispatch(bus, -1)) continue;
    return 0;
}
