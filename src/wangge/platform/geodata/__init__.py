"""Files of shapes in: GeoJSON, a zipped Shapefile, GeoPackage; read in a process of its own."""
