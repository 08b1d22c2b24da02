package unpack

// What Go has no packer for, made by others: three rows, nothing, and sub/a.csv of three rows in a tar archive, by bzip2; and, by gzip, a tar
// archive of a sparse file of 1 TiB, of which 8 KiB are there.
var (
	bz2Rows    = unbase64("QlpoOTFBWSZTWfwFVRMAAC5YACAQAAV/4CAAciAAAR+qJTwTFP0NtMsOKU2wlZTqYdS4mF11LPkvkuNw8s6888phxtlaErtMNMw8XckU4UJD8BVUTA==")
	bz2Nothing = unbase64("QlpoORdyRThQkAAAAAA=")
	bz2Tar     = unbase64("QlpoOTFBWSZTWcA7b34AAL7bwOyQQAX/4ACAeAAfABAACAggAJINqk0DINBoAGgikU09T0jQYg00Yf+e0QCHLgIJ4zvqY9K0QSBIo4N73aMmTg0YZsnyw5fcZoe2H0w3QBVqyAysbEnqNIDCKlBHJOZHGpEhEali4oxGXDydGFjRxg+4YUD0VLn35+00vpKTHAJfi7kinChIYB23vwA=")
	sparseTar  = unbase64("H4sIAAAAAAACA+3QTQrCMBCG4fEmOYE0PzYH6Qmki26KgSYVlx7dkJU0YimiUHyfzQx8H7OYMVyGYx+v8kVN1jpXZraYpuz6ZPPmtTG5p513VlQnPzDHdJ6UkimE9K63ln/0nVcfuZf0UHU2ez5UuQEAAAAAAAAAAAAAgN0TAMBfegAOxWdoACgAAA==")
)
