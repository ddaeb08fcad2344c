"""Races: many customers at once want what there is too little of."""
