"""The addresses of the service, one module for each kind; :func:`gongkai.api.create_app` puts them together."""
