package relaytest

import (
	"bufio"
	"fmt"
	"net"
	"strings"
)

// onward starts the server that the relay sends on to what is for "later", and returns its port. It
// takes no mail: it has nobody of that name any more.
func (r *Relay) onward() (port string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	r.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go refuse(c)
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// refuse talks SMTP and takes nobody.
func refuse(c net.Conn) {
	defer c.Close()
	say := func(line string) { _, _ = fmt.Fprint(c, line, "\r\n") }
	say("220 onward.example ESMTP")
	for lines := bufio.NewScanner(c); lines.Scan(); {
		switch verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " "); verb {
		case "RCPT":
			say("550 5.2.1 <later@example.org>: the mailbox is switched off")
		case "DATA":
			say("554 5.5.1 nobody to send it to")
		case "QUIT":
			say("221 2.0.0 bye")
			return
		default:
			say("250 2.0.0 well")
		}
	}
}
