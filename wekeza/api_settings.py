"""How the API answers and describes itself: the settings of its two libraries."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.access.authentication.OwnToken"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["wekeza.kit.strict.StrictJson"],
    "DEFAULT_RENDERER_CLASSES": ["wekeza.kit.answers.Json"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "wekeza.kit.answers.OnlyJson",
    "DEFAULT_SCHEMA_CLASS": "wekeza.kit.openapi.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "wekeza.kit.problems.answer_to",
    "COERCE_DECIMAL_TO_STRING": True,
}


def described_at(site_url: str) -> dict:
    """This will give drf-spectacular's settings for a bank at an address."""
    return {
        "TITLE": "Wekeza Bank API",
        "VERSION": "1",
        "DESCRIPTION": "Accounts, payments and sign-ins of Wekeza Bank. Guide and errors: /docs",
        "SERVERS": [{"url": site_url}],
        "PREPROCESSING_HOOKS": ["wekeza.kit.openapi.only_the_api"],
        "POSTPROCESSING_HOOKS": ["wekeza.kit.openapi.finish"],
        "APPEND_COMPONENTS": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            }
        },
        "SERVE_INCLUDE_SCHEMA": False,
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "COMPONENT_SPLIT_REQUEST": False,
        "COMPONENT_SPLIT_PATCH": False,
    }
