package speech

import "context"

// Open is a speaker with what this machine has: espeak-ng, heard through PipeWire at one sink or, for
// "", at that of the session. The error says to staff what to install.
func Open(ctx context.Context, sink string, spoken func(visit uint64)) (*Speaker, error) {
	e, err := NewEspeak(ctx)
	if err != nil {
		return nil, err
	}
	out, err := NewPipeWire(sink)
	if err != nil {
		return nil, err
	}
	return New(e, out, spoken), nil
}
