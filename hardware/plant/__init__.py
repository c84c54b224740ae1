"""The simulated pen: motor, cam, skin, supply, depth stage, sensors, cartridge and person.

`Pen` in `pen.py` composes it; nothing here knows the firmware or the protocol.
"""
