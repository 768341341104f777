package door

import (
	queue "container/list"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/notify"
)

// Connections. Each takes a file descriptor, and so does the database: whoever opens
// thousands must not keep kiosks out, nor the worker from its files.
//
// Until a connection has shown a certificate it is a stranger's. Of strangers one
// address has so many, and when one more comes its oldest is closed: so a phone or
// a kiosk behind the same address always gets in, and shows its certificate before
// its turn to be closed comes. A kiosk has so many as well, counted by its certificate
// and apart from its address. When all together are too many, the oldest stranger goes;
// kiosks are refused only when there are none. A stranger that is silent for seconds
// is closed.
const (
	mostPerAddress = 256 // phones of a mobile network, each there for seconds
	mostPerKiosk   = 64  // it needs one or two
	strangerIdle   = 10 * time.Second
	mostInAll      = 8192 // at 50 KB each
	keptFiles      = 256  // for database, notices and the listener
)

// mostConnections is how many there may be when a process may open so many files.
func mostConnections(files uint64) int {
	if files > mostInAll+keptFiles {
		return mostInAll
	}
	return int(max(files/2, files-min(files, keptFiles)))
}

// crowded is for the log: one line in its window.
var crowded = access.Limit{Name: "connections", Most: 1, Window: time.Hour}

// Connections is a listener that accepts no more connections than its rules allow.
type Connections struct {
	net.Listener
	most   int
	idle   time.Duration
	trusts func(netip.Addr) bool
	full   func(who string) // somebody had too many: "address", "kiosk" or "all"

	mu        sync.Mutex
	all       int
	strangers queue.List // of *guest, the oldest first
	groups    map[string]*queue.List
}

// guest is one connection.
type guest struct {
	net.Conn
	of       *Connections
	last     atomic.Int64 // when something came or went, in nanoseconds
	known    bool
	group    string // "" is in none
	inGroup  *queue.Element
	stranger *queue.Element
	gone     bool
}

func newConnections(l net.Listener, most int, trusts func(netip.Addr) bool, full func(string)) *Connections {
	return &Connections{Listener: l, most: most, idle: strangerIdle, trusts: trusts, full: full, groups: map[string]*queue.List{}}
}

// Accept waits for the next connection that is let in.
func (w *Connections) Accept() (net.Conn, error) {
	for {
		conn, err := w.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g := &guest{Conn: conn, of: w}
		g.touch()
		if w.enter(g) {
			return g, nil
		}
		_ = conn.Close() // nobody knows it
	}
}

// enter makes room for a connection; false when there is none.
func (w *Connections) enter(g *guest) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.join(g, w.addressGroup(g), mostPerAddress, "address")
	if w.all >= w.most {
		w.full("all")
		oldest := w.strangers.Front()
		if oldest == nil {
			w.leaveGroup(g)
			return false
		}
		w.close(oldest.Value.(*guest))
	}
	w.all++
	g.stranger = w.strangers.PushBack(g)
	return true
}

// addressGroup is the group of a stranger. A trusted proxy is everybody's address.
func (w *Connections) addressGroup(g *guest) string {
	at, err := netip.ParseAddrPort(g.RemoteAddr().String())
	if err == nil && w.trusts(at.Addr()) {
		return ""
	}
	return "address " + networkOf(at.Addr()).String()
}

// join puts a connection into a group, whose oldest goes when there are too many.
func (w *Connections) join(g *guest, group string, most int, who string) {
	if g.group = group; group == "" {
		return
	}
	members := w.groups[group]
	if members == nil {
		members = queue.New()
		w.groups[group] = members
	}
	if members.Len() >= most {
		w.full(who)
		w.close(members.Front().Value.(*guest))
		w.groups[group] = members // closing the last one has dropped it
	}
	g.inGroup = members.PushBack(g)
}

func (w *Connections) leaveGroup(g *guest) {
	if g.inGroup == nil {
		return
	}
	members := w.groups[g.group]
	members.Remove(g.inGroup)
	g.inGroup = nil
	if members.Len() == 0 {
		delete(w.groups, g.group)
	}
}

// close ends a connection; what serves it finds out by itself.
func (w *Connections) close(g *guest) {
	w.leave(g)
	_ = g.Conn.Close() // closing twice is no harm
}

func (w *Connections) leave(g *guest) {
	if g.gone {
		return
	}
	g.gone = true
	w.all--
	w.leaveGroup(g)
	if g.stranger != nil {
		w.strangers.Remove(g.stranger)
		g.stranger = nil
	}
}

// know counts a connection by its certificate from now on.
func (w *Connections) know(g *guest, kiosk string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if g.gone || g.known {
		return
	}
	g.known = true
	w.leaveGroup(g)
	w.strangers.Remove(g.stranger)
	g.stranger = nil
	w.join(g, "kiosk "+kiosk, mostPerKiosk, "kiosk")
}

// Follow is what an http.Server tells of its connections.
func (w *Connections) Follow(conn net.Conn, state http.ConnState) {
	secure, is := conn.(*tls.Conn)
	if !is || state != http.StateActive && state != http.StateIdle {
		return
	}
	g, is := secure.NetConn().(*guest)
	if certs := secure.ConnectionState().PeerCertificates; is && len(certs) > 0 {
		w.know(g, authority.Fingerprint(certs[0].Raw))
	}
}

// Tend closes strangers that are silent, until ctx ends.
func (w *Connections) Tend(ctx context.Context) {
	tick := time.NewTicker(w.idle / 10)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			w.closeSilent(now)
		case <-ctx.Done():
			return
		}
	}
}

func (w *Connections) closeSilent(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for e := w.strangers.Front(); e != nil; {
		g := e.Value.(*guest)
		e = e.Next()
		if now.Sub(time.Unix(0, g.last.Load())) > w.idle {
			w.close(g)
		}
	}
}

// Open is how many connections there are, and how many of strangers.
func (w *Connections) Open() (all, strangers int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all, w.strangers.Len()
}

func (g *guest) touch() { g.last.Store(time.Now().UnixNano()) }

// Read notes that something came.
func (g *guest) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	g.touch()
	return n, err
}

// Write notes that something went.
func (g *guest) Write(b []byte) (int, error) {
	g.touch()
	return g.Conn.Write(b)
}

// Close makes room.
func (g *guest) Close() error {
	g.of.mu.Lock()
	g.of.leave(g)
	g.of.mu.Unlock()
	return g.Conn.Close()
}

// Listen lets a listener's connections in by these rules.
func Listen(l net.Listener, trusted Proxies, state *notify.State, now func() time.Time, log *slog.Logger) *Connections {
	return newConnections(l, mostConnections(fileLimit()), trusted.trusts, func(who string) {
		if !state.Alarms.New(crowded, who, now()) {
			return
		}
		log.Warn("too many connections at once: the oldest are closed", "event", "connections.full", "of", who)
	})
}
