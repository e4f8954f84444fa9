"""Adversarial robustness, one thing a file: attacks, models, data, training, and what judges them.

Nothing is imported here, so that `import robustlib` costs nothing; say which thing you mean:

    from robustlib.engine import attack
    from robustlib.goals import Misclassify
    from robustlib.threats import Linf
    from robustlib.attacks.pgd import pgd
"""
