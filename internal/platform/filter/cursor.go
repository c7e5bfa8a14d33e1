package filter

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"

	"kartoteka.dev/internal/platform/errs"
)

// cursorVersion changes when old cursors can no longer be read.
const cursorVersion = "1"

const sumSize = 6

// encodeCursor packs the key values of a page's last row: base64url of a short
// hash, which binds them to the list they were taken from, and a JSON array.
func encodeCursor(list string, keys []any) (string, error) {
	values, err := json.Marshal(keys)
	if err != nil {
		return "", errs.Wrap("filter.Collect", err)
	}
	sum := cursorSum(list, values)
	return cursorVersion + base64.RawURLEncoding.EncodeToString(append(sum, values...)), nil
}

// decodeCursor gives the key values back, or errs.Invalid for a cursor that
// was altered, or made for another filter or order.
func decodeCursor(list, cursor string, count int) ([]any, error) {
	unfit := problem("cursor", "filter.error.cursor-unfit")
	packed, ok := strings.CutPrefix(cursor, cursorVersion)
	if !ok || len(cursor) > MaxText {
		return nil, unfit
	}
	data, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil || len(data) < sumSize || !bytes.Equal(data[:sumSize], cursorSum(list, data[sumSize:])) {
		return nil, unfit
	}
	keys, ok := cursorKeys(data[sumSize:])
	if !ok || len(keys) != count {
		return nil, unfit
	}
	return keys, nil
}

// cursorKeys reads an array of integers, strings and nulls, of which the last,
// the row's number, is an integer.
func cursorKeys(values []byte) ([]any, bool) {
	decoder := json.NewDecoder(bytes.NewReader(values))
	decoder.UseNumber()
	var keys []any
	if err := decoder.Decode(&keys); err != nil {
		return nil, false
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, false
	}
	for i, k := range keys {
		switch k := k.(type) {
		case json.Number:
			n, err := k.Int64()
			if err != nil {
				return nil, false
			}
			keys[i] = n
		case string, nil:
		default:
			return nil, false
		}
	}
	if len(keys) == 0 {
		return nil, false
	}
	_, numbered := keys[len(keys)-1].(int64)
	return keys, numbered
}

func cursorSum(list string, values []byte) []byte {
	h := sha256.New()
	h.Write([]byte(cursorVersion + "\x00" + list + "\x00"))
	h.Write(values)
	return h.Sum(nil)[:sumSize]
}
