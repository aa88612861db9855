from rest_framework.routers import BaseRouter


def register(router: BaseRouter) -> None:
    """Adds this room's viewsets under `/api/v1/`."""
