package speech

import (
	"bytes"
	"encoding/binary"
)

// Loudness is what becomes of a sample.
func Loudness(sample int16, steps int) int16 {
	var out bytes.Buffer
	l := &louder{w: &out, gain: gainOf(steps)}
	for _, b := range binary.LittleEndian.AppendUint16(nil, uint16(sample)) { //nolint:gosec // bits
		_, _ = l.Write([]byte{b}) // an engine may write half a sample
	}
	return int16(binary.LittleEndian.Uint16(out.Bytes())) //nolint:gosec // bits
}
