// Package kiosk wires a kiosk: outbox, courier and client behind the desk's ports, the
// settings that central hands out, pages, printer, and the reasons to close.
//
// Open opens a kiosk from a configuration, Run runs its visits until its context ends, and
// Close lets go of the outbox. What is shown goes to whoever is handed to Run: a window
// (app/window), or a test. What a visitor does comes in by Desk.Post.
//
//	central.go    Central: the desk's ports Outbox, Reports and Central, over the API
//	bootstrap.go  Bootstrap: what central says about texts and keys, verified and kept
//	revoked.go    which health cards central has revoked
//	renew.go      the kiosk's certificate, renewed before it ends
//	heartbeat.go  how the kiosk does, told to central once a minute
//	presence.go   whether somebody is there, for whoever updates this machine
//	successor.go  a new program that was installed, taken into use when nobody is there
//	orders.go     the few things that central's operator may ask for
//	diagnostics.go  what it says of itself when it is asked to, searched before it leaves
//	gauges.go     the same for Prometheus on this machine, when configured
//
// It knows no Fyne, no central service and nobody made up: the program that stands in a
// clinic is this package and a window, and the demo runs the very same. It asks central
// nothing on behalf of a visitor by itself; the desk does. A central that cannot be reached
// is no error of Open: the kiosk opens, says so, and tries again.
package kiosk
