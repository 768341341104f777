package exchange

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// How a file becomes text in UTF-8 with lines that end with LF: what packs and encodes it
// without loss is undone, what is no text is refused with its cause. Positions count the
// bytes of the text.

// first is how much of a file is looked at to tell what it is.
const first = 1 << 16

// ErrFormat is of a file that cannot be read; the error around it says why in a sentence.
var ErrFormat = errors.New("the file cannot be read")

func cannot(cause string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(cause, args...))
}

// foreign are files of other kinds, by how they begin.
var foreign = []struct{ begin, cause string }{
	{"PK\x03\x04", "it is a workbook or an archive (xlsx, zip): save the sheet as CSV in UTF-8, or unpack the files"},
	{"\xd0\xcf\x11\xe0", "it is a workbook of an older program (xls): save the sheet as CSV in UTF-8"},
	{"%PDF", "it is a PDF: send CSV or FHIR"},
	{"MSH|", "it is HL7 version 2: send CSV or FHIR"},
	{"FHS|", "it is HL7 version 2: send CSV or FHIR"},
	{"BHS|", "it is HL7 version 2: send CSV or FHIR"},
	{"<", "it is XML or a web page: send FHIR as JSON, or CSV"},
	{"PAR1", "it is Parquet: send CSV or FHIR"},
}

// errPacked is of a packed file that does not hold what was packed.
var errPacked = cannot("it is packed with gzip, and damaged or cut off: send it again")

// sound unpacks a packed file to its end, where its sum is: until then nobody can tell what
// was damaged on the way from what somebody has written. It leaves the file at its start.
func sound(f io.ReadSeeker) error {
	in := bufio.NewReaderSize(f, first)
	z, err := unpack(in)
	if err == nil && z != nil {
		_, err = io.Copy(io.Discard, z)
	}
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return errPacked
	case err != nil:
		return err
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// unpack is what gzip has packed; nil for what it has not.
func unpack(in *bufio.Reader) (*gzip.Reader, error) {
	begin, err := peek(in, 2)
	if err != nil || !bytes.Equal(begin, []byte{0x1f, 0x8b}) {
		return nil, err
	}
	z, err := gzip.NewReader(in)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return z, err
}

// decode is the text of a file that is sound.
func decode(f io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(f, first)
	z, err := unpack(in)
	if err != nil {
		return nil, err
	}
	if z != nil {
		in = bufio.NewReaderSize(z, first)
	}
	begin, err := peek(in, 2)
	if err != nil {
		return nil, err
	}
	if order, wide := inUTF16(begin); wide {
		in = bufio.NewReaderSize(transform.NewReader(in, unicode.UTF16(order, unicode.UseBOM).NewDecoder()), first)
	}
	text, err := peek(in, first)
	if err != nil {
		return nil, err
	}
	shown := bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n")
	if len(shown) == 0 && len(text) < first {
		return nil, cannot("it is empty")
	}
	for _, x := range foreign {
		if bytes.HasPrefix(shown, []byte(x.begin)) {
			return nil, cannot("%s", x.cause)
		}
	}
	if bytes.Contains(text, []byte{'\r'}) && !bytes.Contains(text, []byte{'\n'}) {
		in = bufio.NewReaderSize(returns{in}, first)
	}
	return in, nil
}

// peek looks at the next bytes, or at as many as there are.
func peek(in *bufio.Reader, n int) ([]byte, error) {
	b, err := in.Peek(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b, nil
}

// inUTF16 tells by a byte order mark, or without one by the zeros beside plain letters.
func inUTF16(b []byte) (order unicode.Endianness, is bool) {
	switch {
	case len(b) < 2:
		return unicode.LittleEndian, false
	case b[0] == 0xff && b[1] == 0xfe, b[0] != 0 && b[1] == 0:
		return unicode.LittleEndian, true
	case b[0] == 0xfe && b[1] == 0xff, b[0] == 0 && b[1] != 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// returns writes the line ends of old Macs, CR alone, as LF.
type returns struct{ in io.Reader }

func (r returns) Read(b []byte) (int, error) {
	n, err := r.in.Read(b)
	for i, c := range b[:n] {
		if c == '\r' {
			b[i] = '\n'
		}
	}
	return n, err
}
