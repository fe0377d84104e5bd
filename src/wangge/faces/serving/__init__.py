"""Between the web server and the pages: each request is whole before a thread takes it."""
