//go:build !unix

package door

import "math"

// fileLimit is how many files this process may have open: memory is the only limit.
func fileLimit() uint64 { return math.MaxUint64 }
