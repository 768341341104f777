package speech

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNoVoice tells that an engine does not speak a language.
var ErrNoVoice = errors.New("no voice for this language")

const (
	// AnnounceWaits is how long an announcement lets a stop be said.
	AnnounceWaits = 2 * time.Second
	// spellWithin is how soon Again asks for the spelled form.
	spellWithin = 2 * time.Second
)

// Speaker says utterances. Its methods return at once and may be called from anywhere.
type Speaker struct {
	engine Engine
	out    Output
	spoken func(visit uint64)

	mu      sync.Mutex
	visit   uint64
	set     Settings
	now     *saying   // what is being said, or was last
	last    Utterance // what Again says
	asked   time.Time // when Again was called last
	trouble error
	closed  bool
}

// New returns a speaker; spoken is told of each piece that was said to its end, with the visit it
// belongs to. It may be nil.
func New(e Engine, o Output, spoken func(visit uint64)) *Speaker {
	if spoken == nil {
		spoken = func(uint64) {}
	}
	return &Speaker{engine: e, out: o, spoken: spoken}
}

// Begin is for another visit: what was said before is forgotten, and settings are the usual.
// Where sound goes stays.
func (s *Speaker) Begin(visit uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silence()
	s.visit, s.last, s.asked, s.now = visit, Utterance{}, time.Time{}, s.now.emptied()
	s.set = Settings{Private: s.set.Private, Hidden: s.set.Hidden}
}

// Set changes the settings. Volume and rate count from the next utterance on.
func (s *Speaker) Set(to Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.set
	s.set = to
	switch {
	case was.Private && !to.Private && s.now.holds(Personal):
		s.silence()
	case !was.Paused && to.Paused:
		s.silence()
	case was.Paused && !to.Paused && s.now.unfinished():
		s.say(s.now.u, int(s.now.at.Load()), s.now.pieces)
	}
}

// Say says something in the place of what is being said.
func (s *Speaker) Say(u Utterance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.Visit != s.visit || s.closed {
		return
	}
	if u.Kind != Echo && u.Kind != Warning {
		s.last, s.asked = u, time.Time{}
	}
	s.say(u, 0, u.Pieces)
}

// Again repeats the last utterance; asked for again soon, it spells it.
func (s *Speaker) Again() {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, pieces := s.last, s.last.Pieces
	if len(pieces) == 0 || s.closed {
		return
	}
	if twice := !s.asked.IsZero() && time.Since(s.asked) < spellWithin; twice && u.Spelled != nil {
		pieces = u.Spelled
	}
	s.asked = time.Now()
	u.Kind = Focus
	s.say(u, 0, pieces)
}

// Stop is silence.
func (s *Speaker) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silence()
}

// Close is silence for good. When it returns nothing is left that speaks.
func (s *Speaker) Close() {
	s.mu.Lock()
	s.closed = true
	s.silence()
	now := s.now
	s.mu.Unlock()
	if now != nil {
		<-now.done
	}
}

// Trouble is what was wrong the last time that something was to be said, nil when nothing was.
func (s *Speaker) Trouble() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

func (s *Speaker) silence() {
	if s.now != nil {
		s.now.cancel()
	}
}

// say begins with a piece. What is said at present ends first.
func (s *Speaker) say(u Utterance, from int, pieces []Piece) {
	before, grace := s.now, time.Duration(0)
	if before != nil && u.Kind == Announce && before.u.Kind == Focus {
		grace = AnnounceWaits
	} else {
		s.silence()
	}
	ctx, cancel := context.WithCancel(context.Background())
	n := &saying{u: u, pieces: pieces, s: s, set: s.set, cancel: cancel, done: make(chan struct{})}
	n.at.Store(int64(from))
	s.now = n
	if s.set.Paused && u.Kind != Warning {
		cancel()
	}
	go n.run(ctx, before, grace)
}

// saying is one utterance on its way.
type saying struct {
	u      Utterance
	pieces []Piece
	s      *Speaker
	set    Settings
	at     atomic.Int64 // the piece that is being said
	cancel func()
	done   chan struct{}
}

func (n *saying) holds(l Level) bool {
	return n != nil && slices.ContainsFunc(n.pieces, func(p Piece) bool { return p.Level == l })
}

func (n *saying) unfinished() bool { return n != nil && int(n.at.Load()) < len(n.pieces) }

// emptied is what is being said, without what it was: only its end is waited for.
func (n *saying) emptied() *saying {
	if n == nil {
		return nil
	}
	return &saying{cancel: n.cancel, done: n.done}
}

func (n *saying) run(ctx context.Context, before *saying, grace time.Duration) {
	defer close(n.done)
	defer n.cancel()
	if before != nil {
		late := time.NewTimer(grace)
		select {
		case <-before.done:
		case <-ctx.Done():
		case <-late.C:
		}
		late.Stop()
		before.cancel()
		<-before.done
	}
	if ctx.Err() != nil {
		return
	}
	err := n.aloud(ctx)
	if ctx.Err() != nil {
		return // that is no trouble
	}
	n.s.mu.Lock()
	n.s.trouble = err
	n.s.mu.Unlock()
}

// aloud has the output play what the engine makes.
func (n *saying) aloud(ctx context.Context) error {
	r, w := io.Pipe()
	made := make(chan error, 1)
	go func() {
		err := n.make(ctx, w)
		w.CloseWithError(err)
		made <- err
	}()
	err := n.s.out.Play(ctx, r)
	r.CloseWithError(io.ErrClosedPipe)
	return errors.Join(<-made, err)
}

// make writes the pieces, one after the other.
func (n *saying) make(ctx context.Context, w io.Writer) error {
	loud := &louder{w: w, gain: gainOf(n.set.Louder)}
	hidden := false
	for i := int(n.at.Load()); i < len(n.pieces); i++ {
		n.at.Store(int64(i))
		p := n.pieces[i]
		switch {
		case p.Level == Secret, p.Text == "":
			continue
		case p.Level == Personal && !n.set.Private && hidden:
			continue
		case p.Level == Personal && !n.set.Private:
			p, hidden = n.set.Hidden, true
			if p.Text == "" || p.Level != Public {
				continue
			}
		}
		if err := n.s.engine.Say(ctx, p, n.set.Faster, loud); err != nil {
			return err
		}
		if err := quiet(loud, p.Pause); err != nil {
			return err
		}
		n.s.spoken(n.u.Visit)
	}
	n.at.Store(int64(len(n.pieces)))
	return nil
}

// mostLouder is the step at which samples are as an engine makes them.
const mostLouder = 5

func gainOf(steps int) float64 { return math.Pow(10, float64(4*(steps-mostLouder))/20) }

// louder makes samples as loud as they are to be.
type louder struct {
	w    io.Writer
	gain float64
	odd  []byte // half a sample
}

func (l *louder) Write(b []byte) (int, error) {
	all := append(l.odd, b...)
	whole := len(all) &^ 1
	out := make([]byte, whole)
	for i := 0; i < whole; i += 2 {
		v := float64(int16(binary.LittleEndian.Uint16(all[i:]))) * l.gain //nolint:gosec // bits
		binary.LittleEndian.PutUint16(out[i:], uint16(int16(v)))          //nolint:gosec // bits
	}
	l.odd = slices.Clone(all[whole:])
	if _, err := l.w.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// quiet writes silence.
func quiet(w io.Writer, d time.Duration) error {
	n := int(d.Seconds()*SampleRate) * 2
	if n == 0 {
		return nil
	}
	_, err := w.Write(make([]byte, n))
	return err
}
