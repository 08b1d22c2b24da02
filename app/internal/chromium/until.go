package chromium

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
)

// lookEvery is how often a condition is looked at.
const lookEvery = 20 * time.Millisecond

// Until waits for a condition on the page, an expression of JavaScript. It is looked at from here: windows in the background draw no
// pictures to look at, and a page may forbid that chromedp's own Poll makes a function of a text.
func Until(condition string, patience time.Duration) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for deadline := time.Now().Add(patience); ; {
			met := false
			err := chromedp.Evaluate("!!("+condition+")", &met).Do(ctx)
			switch {
			case met:
				return nil
			case ctx.Err() != nil:
				return ctx.Err()
			case time.Now().After(deadline):
				return fmt.Errorf("not met within %v (%v)", patience, err) // while a page is loaded anew there is nothing to look at
			}
			select {
			case <-ctx.Done():
			case <-time.After(lookEvery):
			}
		}
	})
}
