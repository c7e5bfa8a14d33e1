package customers

import "testing"

// Walk sets how many customers are walked, until the end of the test.
func Walk(t *testing.T, n int) {
	t.Helper()
	some, most := walkSome, walkMost
	walkSome, walkMost = n, n
	t.Cleanup(func() { walkSome, walkMost = some, most })
}
