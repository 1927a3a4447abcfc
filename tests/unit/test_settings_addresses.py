"""An address among the settings that is none stops the start with the setting's name, not with a traceback."""

from __future__ import annotations

import pytest

from respite.core.settings import WrongSetting, from_environ


@pytest.mark.parametrize(
    "address", ["https://[", "https://house.example.org:99999", "https://house.example.org:x", "https://", "house"]
)
@pytest.mark.parametrize("name", ["PUBLIC_URL", "TWILIO_API_URL"])
def test_an_address_that_is_none_is_named(name: str, address: str) -> None:
    with pytest.raises(WrongSetting, match=f"{name}: must be an address"):
        from_environ({name: address})
