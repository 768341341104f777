package relaytest

// configuration of exim (chapter 14 of its manual).
const configuration = `primary_hostname = localhost
domainlist here = example.org
spool_directory = DIR/spool
log_file_path = DIR/log-%s
pid_file_path = DIR/pid
daemon_smtp_ports = PORT
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = CERT
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
dsn_advertise_hosts = *
smtp_enforce_sync = true
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
acl_smtp_data = data
bounce_return_body = false
delay_warning =
keep_environment =
rfc1413_hosts =

begin acl
mail:
  deny !encrypted = *
       message = 5.7.0 say STARTTLS first
  deny !authenticated = *
       message = 5.7.0 say who you are
  deny sender_domains = !+here
       message = 5.7.1 not from there
  accept
rcpt:
  deny !domains = +here
       message = 5.7.1 $local_part@$domain: we relay for nobody
  deny local_parts = outside
       message = $local_part@$domain: Relay not permitted
  deny local_parts = gone
       message = $local_part@$domain: no such person
  deny local_parts = unknown
       message = 5.1.1 $local_part@$domain: nobody here
  deny local_parts = enough
       message = 5.4.5 $local_part@$domain: no more today
  deny local_parts = trouble
       message = 5.3.2 $local_part@$domain: not now
  warn local_parts = ^SLOW
       delay = 1s
  defer local_parts = grey
       message = 4.7.1 $local_part@$domain: come back later
  accept
data:
  deny condition = ${if match{$recipients}{^spam@}}
       message = 5.7.1 $recipients: not wanted
  accept

begin routers
later:
  driver = manualroute
  domains = +here
  local_parts = later
  route_list = * 127.0.0.1
  self = send
  transport = onward
returned:
  driver = accept
  domains = +here
  local_parts = bounce
  local_part_suffix = +*
  transport = bounces
all:
  driver = accept
  domains = +here
  transport = folder

begin transports
onward:
  driver = smtp
  port = ONWARD
  allow_localhost
  hosts_avoid_tls = *
folder:
  driver = appendfile
  maildir_format
  directory = DIR/mail
  user = Debian-exim
  envelope_to_add
  return_path_add
bounces:
  driver = appendfile
  maildir_format
  directory = DIR/bounces
  user = Debian-exim
  envelope_to_add
  return_path_add

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{USER}}{eq{$auth3}{PASSWORD}}}}
  server_set_id = $auth2
`
