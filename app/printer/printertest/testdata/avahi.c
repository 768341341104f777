/* Stands in for the DNS-SD service that ippeveprinter announces itself to, so
 * that tests need neither avahi nor a network: everything succeeds, nothing is
 * announced. */

static int something;

void *avahi_threaded_poll_new(void) { return &something; }
void *avahi_threaded_poll_get(void *p) { return p; }
int avahi_threaded_poll_start(void *p) { (void)p; return 0; }
void avahi_threaded_poll_lock(void *p) { (void)p; }
void avahi_threaded_poll_unlock(void *p) { (void)p; }

void *avahi_client_new(const void *poll, int flags, void *callback, void *data, int *error)
{
	(void)poll; (void)flags; (void)callback; (void)data;
	if (error)
		*error = 0;
	return &something;
}
int avahi_client_errno(void *c) { (void)c; return 0; }
const char *avahi_client_get_host_name_fqdn(void *c) { (void)c; return "localhost"; }

void *avahi_entry_group_new(void *c, void *callback, void *data)
{
	(void)c; (void)callback; (void)data;
	return &something;
}
int avahi_entry_group_add_service_strlst() { return 0; }
int avahi_entry_group_add_service_subtype() { return 0; }
int avahi_entry_group_commit(void *g) { (void)g; return 0; }
int avahi_entry_group_free(void *g) { (void)g; return 0; }

void *avahi_string_list_add_printf() { return &something; }
void avahi_string_list_free(void *l) { (void)l; }
