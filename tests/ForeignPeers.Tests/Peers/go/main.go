// A peer on Go's gRPC. `client CASE ADDRESS` ends with 0 when the interop case holds; `server ADDRESS` serves until its input ends.
package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

func main() {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Fprintln(os.Stderr, reason)
			os.Exit(1)
		}
	}()
	switch {
	case len(os.Args) == 4 && os.Args[1] == "client" && cases[os.Args[2]] != nil:
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		channel := dial(ctx, os.Args[3])
		defer channel.Close()
		cases[os.Args[2]](run{ctx, channel, os.Args[3]})
	case len(os.Args) == 3 && os.Args[1] == "server":
		must(serve(os.Args[2]))
	default:
		panic("client CASE ADDRESS | server ADDRESS")
	}
}
