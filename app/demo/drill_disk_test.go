package demo

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// A disk that is really full: the kiosk's data folder is a memory disk of a few
// hundred kilobytes. Mounting one takes root.

func diskDrills() []drill {
	const full = "disk full"
	return []drill{
		{full, "when the request is saved", fault.Database, func(g *guest) {
			d := g.smallDisk()
			g.start()
			g.fillIn()
			d.fill()
			g.wants(g.call("not saved", visit.Send{}), visit.Review, fault.Database)
			if v := g.seen(); v.Unlock.Receipt != "" || v.Form.Draft.Family != g.person.Family {
				g.t.Error("a receipt was given, or the form is gone")
			}
			d.free()
			if f := g.call("saved", visit.Send{}); f != nil {
				g.t.Fatalf("not saved: %s", f.Code)
			}
			g.openAndPrint()
		}},
		{full, "after it was told as saved, before central has it", fault.Away, func(g *guest) {
			d := g.smallDisk()
			g.start()
			g.s.Stop()
			g.line.down()
			g.send()
			d.fill()
			g.mend()
			g.line.await(saveRoute, 2) // central has it, the kiosk cannot note it and asks again
			g.wants(g.call("a code tried in vain", g.unlocks("482913")...), visit.Unlocking, fault.Away)
			g.do(visit.Back{})
			g.await(visit.Sent)
			d.free()
			g.openAndPrint()
		}},
	}
}

// openAndPrint goes on from Sent.
func (g *guest) openAndPrint() {
	g.t.Helper()
	g.until("the answer", func(v visit.Visit) bool { return v.State == visit.Sent && v.Unlock.Answered })
	if f := g.call("unlocked", g.unlocks(g.message())...); f != nil {
		g.t.Fatalf("not unlocked: %s", f.Code)
	}
	g.print()
}

// disk is a small disk that can be filled.
type disk struct {
	g      *guest
	filler string
}

func (g *guest) smallDisk() disk {
	g.t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		g.t.Skip("a full disk takes root on Linux, which mounts a small one")
	}
	dir := g.t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=768k,mode=0700"); err != nil {
		g.t.Skipf("a full disk takes a mount, which is not allowed here: %v", err)
	}
	g.t.Cleanup(func() {
		g.quit()
		if err := syscall.Unmount(dir, 0); err != nil {
			g.t.Error(err)
		}
	})
	g.cfg.Kiosk.Data = dir
	return disk{g, filepath.Join(dir, "filler")}
}

// fill leaves no byte.
func (d disk) fill() {
	d.g.t.Helper()
	f, err := os.Create(d.filler)
	if err != nil {
		d.g.t.Fatal(err)
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(bytes.Repeat([]byte{1}, 512))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		d.g.t.Fatal(err)
	}
}

func (d disk) free() {
	d.g.t.Helper()
	if err := os.Remove(d.filler); err != nil {
		d.g.t.Fatal(err)
	}
}
